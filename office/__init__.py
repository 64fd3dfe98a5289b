"""What an operator's desk is made of: settings, the embedded server, intake, the sending of acts."""
