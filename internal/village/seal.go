package village

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Keyring seals what is kept (AES-256-GCM with a random nonce) so that a copy of
// the store alone gives nobody away. It is safe for use by many goroutines.
type Keyring struct {
	ids   []string // the first one seals
	aead  map[string]cipher.AEAD
	names []byte // see NamesKey
}

// KeySize is the length of a key in bytes.
const KeySize = 32

// Errors of keys and sealed words, matched with errors.Is.
var (
	ErrBadKey = errors.New("a key is 32 bytes, written in base64 or hex")
	// ErrSealed: made with a key that is not on the ring, for something else,
	// or changed since.
	ErrSealed = errors.New("the private details cannot be opened")
)

// ParseKeyring reads keys in base64 or hex, apart by commas: the first seals, all of
// them open, so that a key can be changed without losing what it sealed. The
// error is ErrBadKey and never contains the key.
func ParseKeyring(s string) (*Keyring, error) {
	k := &Keyring{aead: map[string]cipher.AEAD{}}
	for _, field := range strings.Split(s, ",") {
		key, ok := parseKey(strings.TrimSpace(field))
		if !ok {
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
		if len(k.ids) == 0 {
			if k.names, err = hkdf.Key(sha256.New, key, nil, "village names", KeySize); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrBadKey, err)
			}
		}
		k.ids = append(k.ids, id)
		k.aead[id] = aead
	}
	return k, nil
}

// parseKey reads one key as it is usually written: base64, or twice as many hex digits.
func parseKey(field string) ([]byte, bool) {
	if key, err := hex.DecodeString(field); err == nil && len(key) == KeySize {
		return key, true
	}
	key, err := base64.StdEncoding.DecodeString(field)
	return key, err == nil && len(key) == KeySize
}

// Seal hides words that belong to one field of one need of one group: they
// open for nothing else.
func (k *Keyring) Seal(words, group, need, field string) []byte {
	return k.SealFor(nil, belongs(group, need, field), []byte(words))
}

// Open gives the words back. The error is ErrSealed.
func (k *Keyring) Open(sealed []byte, group, need, field string) (string, error) {
	words, err := k.OpenFor(belongs(group, need, field), slices.Clone(sealed))
	return string(words), err
}

// idLen is the length of a key's id, which stands in front of what it sealed.
const idLen = 8

// SealFor hides bytes that belong to one place: they open for no other. What is
// sealed is appended to what is given.
func (k *Keyring) SealFor(to, place, plain []byte) []byte {
	id := k.ids[0]
	aead := k.aead[id]
	return aead.Seal(append(slices.Grow(to, idLen+len(plain)+aead.Overhead()), id...), nil, plain, place)
}

// OpenFor gives the bytes back, in the memory of those that were sealed. The error is
// ErrSealed.
func (k *Keyring) OpenFor(place, sealed []byte) ([]byte, error) {
	if len(sealed) < idLen {
		return nil, ErrSealed
	}
	aead, ok := k.aead[string(sealed[:idLen])]
	if !ok {
		return nil, fmt.Errorf("%w: the key is not among those in VILLAGE_KEY", ErrSealed)
	}
	plain, err := aead.Open(sealed[idLen:idLen], nil, sealed[idLen:], place)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Current says whether bytes were sealed with the key that seals now.
func (k *Keyring) Current(sealed []byte) bool {
	return len(sealed) >= idLen && string(sealed[:idLen]) == k.ids[0]
}

// NamesKey is a key for hashing names, made from the one that seals now. It is to be
// kept, sealed: the same names have to be found when another key seals.
func (k *Keyring) NamesKey() []byte { return slices.Clone(k.names) }

// belongs is the additional data. The parts are ids without a zero byte, so no
// two places give the same bytes.
func belongs(group, need, field string) []byte {
	return []byte(strings.Join([]string{"village/1", group, need, field}, "\x00"))
}
