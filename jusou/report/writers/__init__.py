"""The writers: Document to text, Markdown, JSON, HTML, PDF. None knows another."""
