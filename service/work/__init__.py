"""Work that takes longer than a moment, in processes of its own and of lower priority."""
