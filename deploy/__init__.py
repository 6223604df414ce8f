"""What `make deploy`, `make undeploy` and `make secret DOMAIN=...` do in an AWS account, step by step, as its owner."""
