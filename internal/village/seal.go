package village

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Keyring seals private details (AES-256-GCM with a random nonce) so that a
// copy of the store alone gives nobody's address away. It is safe for use by
// many goroutines.
type Keyring struct {
	ids  []string // the first one seals
	aead map[string]cipher.AEAD
}

// KeySize is the length of a key in bytes.
const KeySize = 32

// Errors of keys and sealed words, matched with errors.Is.
var (
	ErrBadKey = errors.New("a key is 32 bytes, written in base64")
	// ErrSealed: made with a key that is not on the ring, for something else,
	// or changed since.
	ErrSealed = errors.New("the private details cannot be opened")
)

// ParseKeyring reads keys in base64, apart by commas: the first seals, all of
// them open, so that a key can be changed without losing what it sealed. The
// error is ErrBadKey and never contains the key.
func ParseKeyring(s string) (*Keyring, error) {
	k := &Keyring{aead: map[string]cipher.AEAD{}}
	for _, field := range strings.Split(s, ",") {
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(field))
		if err != nil || len(key) != KeySize {
			return nil, ErrBadKey
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBadKey, err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBadKey, err)
		}
		sum := sha256.Sum256(append([]byte("village key id "), key...))
		id := hex.EncodeToString(sum[:4])
		k.ids = append(k.ids, id)
		k.aead[id] = aead
	}
	return k, nil
}

// Seal hides words that belong to one field of one need of one group: they
// open for nothing else.
func (k *Keyring) Seal(words, group, need, field string) []byte {
	id := k.ids[0]
	return k.aead[id].Seal([]byte(id), nil, []byte(words), belongs(group, need, field))
}

// Open gives the words back. The error is ErrSealed.
func (k *Keyring) Open(sealed []byte, group, need, field string) (string, error) {
	const idLen = 8
	if len(sealed) < idLen {
		return "", ErrSealed
	}
	aead, ok := k.aead[string(sealed[:idLen])]
	if !ok {
		return "", fmt.Errorf("%w: their key is not among those in VILLAGE_KEY", ErrSealed)
	}
	words, err := aead.Open(nil, nil, sealed[idLen:], belongs(group, need, field))
	if err != nil {
		return "", ErrSealed
	}
	return string(words), nil
}

// belongs is the additional data. The parts are ids without a zero byte, so no
// two places give the same bytes.
func belongs(group, need, field string) []byte {
	return []byte(strings.Join([]string{"village/1", group, need, field}, "\x00"))
}
