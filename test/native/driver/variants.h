#pragma once
#include <string>
#include <vector>

/** The instruction sets that the passes are compiled for and this processor has. */
std::vector<std::string> Variants();

/** Makes the passes those of one instruction set. */
void UseVariant(const std::string& name);
