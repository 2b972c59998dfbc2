"""Reading and writing files: scenarios, tables of cells, price lists."""
