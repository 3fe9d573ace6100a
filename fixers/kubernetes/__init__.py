"""Rules over Kubernetes manifests, one file each."""
