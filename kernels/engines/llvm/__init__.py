"""Programs compiled by LLVM to vectors of cells."""
