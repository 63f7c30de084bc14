"""From a Review to what people read: the document, and a writer for each format."""
