package discord

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"village/bot"
)

const (
	maxInteraction = 1 << 20 // bytes
	maxReserved    = 8 << 10 // bytes that are set aside before any have come
	maxAge         = 5 * time.Minute
)

// Handler takes interactions over HTTP, for an application whose Interactions
// Endpoint URL points here. It needs Config.PublicKey and answers 401 to
// everybody who is not Discord. Run must be running too; the gateway is not
// needed for it.
func (p *Platform) Handler(b *bot.Bot) http.Handler {
	p.spell(b.Table())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.serveHTTP(b, w, r) })
}

func (p *Platform) serveHTTP(b *bot.Bot, w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "Only POST is answered here.", http.StatusMethodNotAllowed)
		return
	}
	body, status := p.verified(w, r)
	if status != http.StatusOK {
		http.Error(w, http.StatusText(status), status)
		return
	}
	in, err := readInteraction(body)
	if err != nil {
		http.Error(w, "That is not an interaction.", http.StatusBadRequest)
		return
	}
	if in.Type == discordgo.InteractionPing {
		w.Header().Set("Content-Type", "application/json")
		// Discord sees a failure as no answer and tries again.
		_, _ = io.WriteString(w, `{"type":1}`)
		return
	}
	if in.ID == "" || in.Token == "" {
		http.Error(w, "That is not an interaction.", http.StatusBadRequest)
		return
	}
	p.relay(b, w, r, in)
}

// verified reads the body and checks that Discord sent it, just now.
func (p *Platform) verified(w http.ResponseWriter, r *http.Request) ([]byte, int) {
	stamp := r.Header.Get("X-Signature-Timestamp")
	sig, err := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
	sent, err2 := strconv.ParseInt(stamp, 10, 64)
	if p.key == nil || err != nil || len(sig) != ed25519.SignatureSize || err2 != nil {
		return nil, http.StatusUnauthorized
	}
	if age := time.Since(time.Unix(sent, 0)); age > maxAge || age < -maxAge {
		return nil, http.StatusUnauthorized
	}
	// Room for what is announced, within reason: it is not yet known who says so.
	room := min(max(r.ContentLength, 0), maxReserved)
	signed := bytes.NewBuffer(make([]byte, 0, len(stamp)+int(room)+bytes.MinRead))
	signed.WriteString(stamp)
	if _, err := signed.ReadFrom(http.MaxBytesReader(w, r.Body, maxInteraction)); err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			return nil, http.StatusRequestEntityTooLarge
		}
		return nil, http.StatusBadRequest
	}
	if !ed25519.Verify(p.key, signed.Bytes(), sig) {
		return nil, http.StatusUnauthorized
	}
	return signed.Bytes()[len(stamp):], http.StatusOK
}

// relay answers the request with the interaction's first answer; the rest goes
// over REST, when this request is over. An answer that is put off is sent while
// the request is still being worked on: its connection is not used again, or
// somebody else would have to wait for that.
func (p *Platform) relay(b *bot.Bot, w http.ResponseWriter, r *http.Request, in interaction) {
	work := context.WithoutCancel(r.Context())
	answered := false
	x := p.interaction(work, b, in, false, func(_ context.Context, _ time.Time, c callback) error {
		answered = true
		if c.Type != discordgo.InteractionResponseDeferredChannelMessageWithSource {
			return writeCallback(w, c)
		}
		w.Header().Set("Connection", "close")
		if err := writeCallback(w, c); err != nil {
			return err
		}
		return http.NewResponseController(w).Flush()
	})
	if !answered {
		// It came before, or it is of a kind that nobody knows yet. Whoever sent
		// it learns nothing from this.
		http.Error(w, http.StatusText(http.StatusConflict), http.StatusConflict)
	}
	if x.rest != nil {
		if !p.goDo(func() { x.finish(work) }) {
			x.finish(work)
		}
	}
}

func writeCallback(w http.ResponseWriter, c callback) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	contentType := "application/json"
	if len(c.files) > 0 {
		if data, contentType, err = withFiles(data, c.files); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, err = w.Write(data)
	return err
}
