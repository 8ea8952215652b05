"""Results for readers: labels, tables, findings, figures and files, in Norwegian and English."""
