package encoder

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
)

// ErrNone says that the program was built without the weights (with the tag noencoder): it finds by words alone.
var ErrNone = errors.New("built without the sentence encoder")

// Loader gives the encoder that is built in, read when it is first asked for. The error is ErrNone, or says what is wrong
// with the weights; it is the same each time.
func Loader() func() (*Encoder, error) {
	return sync.OnceValues(func() (*Encoder, error) {
		if !Built() {
			return nil, ErrNone
		}
		return read(weights)
	})
}

// Built says whether the weights are built in, without reading them.
func Built() bool { return weights != "" }

// Fingerprint is the same for the same weights.
func Fingerprint() string {
	sum := sha256.Sum256([]byte(weights))
	return hex.EncodeToString(sum[:8])
}
