"""What is paid: bank statements, and what a person decides on a movement."""
