"""What operating a deployment needs of AWS beside making it: stopping, starting, backing up."""
