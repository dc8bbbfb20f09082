package discord

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// What discordgo says when it begins becomes a RESUME, whatever its mask, and
// nothing else does.
func TestAnIdentifyBecomesAResume(t *testing.T) {
	const resume = `{"d":{"seq":7,"session_id":"s1","token":"t"},"op":6}`
	for name, tc := range map[string]struct{ sent, session, want string }{
		"identify":          {`{"op":2,"d":{"token":"` + strings.Repeat("x", 300) + `"}}`, "s1", resume},
		"a short one":       {`{"op":2,"d":{}}`, "s1", resume},
		"without a session": {`{"op":2,"d":{}}`, "", ""},
		"a heartbeat":       {`{"op":1,"d":2}`, "s1", ""},
		"no JSON":           {`{"op":2`, "s1", ""},
		"nothing":           {``, "s1", ""},
	} {
		frame := maskedWith([]byte{1, 2, 3, 4}, tc.sent)
		g := &guard{upgraded: true, notes: (&notes{token: "t", session: tc.session, seq: 7}).next()}
		want := tc.want
		if want == "" {
			want = tc.sent
			if !bytes.Equal(g.said(frame), frame) {
				t.Errorf("%s: it was changed", name)
			}
		}
		if got := string(unmasked(g.said(frame))); got != want {
			t.Errorf("%s: said %q", name, got)
		}
	}
	for _, odd := range []string{"", "\x81", "\x81\x85", "\x88\x82\x00\x00\x00\x00ab", "\x81\xff12345678", "\x81\xfe\x00\x10xxxx", "\x81\x85xxxxabc"} {
		if got := unmasked([]byte(odd)); got != nil {
			t.Errorf("%q is read as %q", odd, got)
		}
	}
}

func maskedWith(key []byte, payload string) []byte {
	frame := []byte{0x81, 0x80 | byte(len(payload))}
	if len(payload) > 125 {
		frame = []byte{0x81, 0x80 | 126, byte(len(payload) >> 8), byte(len(payload))}
	}
	frame = append(frame, key...)
	for i := range len(payload) {
		frame = append(frame, payload[i]^key[i%4])
	}
	return frame
}

// FuzzGuard feeds the guard any bytes after the handshake: it hands over whole
// frames or ends the connection, and never more than came.
func FuzzGuard(f *testing.F) {
	f.Add([]byte("\x81\x0b{\"op\":11}  "))
	f.Add(append([]byte{0x81, 126, 0, 30}, `{"op":10,"d":{"heartbeat_interval":1}}`...))
	f.Add([]byte("\x01\x05{\"op\"\x80\x04:11}\x88\x02\x0f\xa4"))
	f.Add([]byte{0x81, 127, 0xff, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		near, far := net.Pipe()
		go func() {
			_, _ = far.Write(append([]byte("HTTP/1.1 101 Switching Protocols\r\n\r\n"), data...))
			far.Close()
		}()
		n := (&notes{beat: func() {}}).next()
		n.conn = near
		g := newGuard(near, time.Minute, n)
		got, err := io.ReadAll(g)
		near.Close()
		if len(got) > len(data)+40 {
			t.Errorf("%d bytes of %d came out: %v", len(got), len(data), err)
		}
		if !n.isOver() {
			t.Error("the connection ended and nobody knows")
		}
	})
}

// A message in several frames is inspected when it is whole.
func TestFragments(t *testing.T) {
	whole, err := json.Marshal(map[string]any{"op": 0, "t": "READY", "s": 3, "d": map[string]any{"session_id": "s9", "resume_gateway_url": "wss://r"}})
	if err != nil {
		t.Fatal(err)
	}
	var stream bytes.Buffer
	stream.WriteString("HTTP/1.1 101 Switching Protocols\r\n\r\n")
	for i := 0; i < len(whole); i += 20 {
		part := whole[i:min(i+20, len(whole))]
		first := byte(0)
		if i == 0 {
			first = 1
		}
		if i+20 >= len(whole) {
			first |= 0x80
		}
		stream.Write(append([]byte{first, byte(len(part))}, part...))
	}
	stream.WriteString("\x88\x02\x0f\xa0") // closed with 4000
	near, far := net.Pipe()
	defer far.Close()
	go func() { _, _ = far.Write(stream.Bytes()) }()
	n := (&notes{beat: func() {}}).next()
	n.conn = near
	if _, err := io.ReadAll(newGuard(near, time.Minute, n)); err == nil {
		t.Error("the end was not noticed")
	}
	near.Close()
	if n.end.code != 4000 || n.session != "s9" || n.seq != 3 || n.resume != "wss://r" || !n.ready {
		t.Errorf("noted %q %d %q", n.session, n.seq, n.resume)
	}
}
