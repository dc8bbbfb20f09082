package adapter

// Body is what a platform would be sent, for whoever looks at it or draws it.
type Body struct {
	JSON []byte
	// Files are pictures by name.
	Files map[string][]byte
}
