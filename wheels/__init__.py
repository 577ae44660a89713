"""One wheel for each chapter, out of the one checkout: `make wheels`, into dist/."""
