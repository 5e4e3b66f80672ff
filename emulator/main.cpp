#include "emulator/cli/options.hpp"

int main(int argc, char** argv) { return emu::cli::main(argc, argv); }
