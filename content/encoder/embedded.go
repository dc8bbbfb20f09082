//go:build !noencoder

package encoder

import _ "embed"

// weights are used where they are embedded, so that they take no memory before they are needed.
//
//go:embed model/use-lite.int8
var weights string
