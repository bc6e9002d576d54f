"""What a command can do: a sandbox around it, by whatever means this machine offers."""
