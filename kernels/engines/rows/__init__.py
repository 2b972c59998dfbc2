"""Programs split into tables of rows and columns, for the engines that compile."""
