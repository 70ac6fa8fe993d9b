"""What goes wrong while deploying: ECS deployments, CloudFormation, the resources it makes."""
