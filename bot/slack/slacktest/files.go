package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxAltText is how long a picture's words may be.
const maxAltText = 1000

// File is a picture that the bot sent.
type File struct {
	ID, Name, Alt string
	Data          []byte

	length int
}

// allScopes are those that the bot has at first.
const allScopes = "app_mentions:read,channels:read,chat:write,commands,files:write,groups:read,im:history,im:write,usergroups:read,users:read"

// SetScopes changes what Slack says of the bot's scopes, apart by commas.
func (s *Server) SetScopes(scopes string) { s.update(func() { s.scopes = scopes }) }

// Ahead sets Slack's clock ahead of the machine's.
func (s *Server) Ahead(d time.Duration) { s.update(func() { s.clock = d }) }

// UploadTo has Slack say that files are to be sent to this address.
func (s *Server) UploadTo(address string) { s.update(func() { s.uploads = address }) }

// uploadURL is the first step of sending a file. The lock is held.
func (s *Server) uploadURL(args map[string]any) (map[string]any, refusal) {
	length, err := strconv.Atoi(text(args, "length"))
	if err != nil || length <= 0 || text(args, "filename") == "" {
		return nil, "invalid_arguments"
	}
	f := &File{ID: s.nextID("F"), Name: text(args, "filename"), Alt: text(args, "alt_txt"), length: length}
	if units := len([]rune(f.Alt)); units > maxAltText {
		s.t.Errorf("slacktest: a picture's words have %d characters, and Slack takes %d", units, maxAltText)
	}
	s.files[f.ID] = f
	address := s.uploads
	if address == "" {
		address = s.http.URL + "/upload/" + f.ID
	}
	return map[string]any{"upload_url": address, "file_id": f.ID}, ""
}

// serveUpload is the second step: the file itself. Its answer is no JSON.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	part, _, err := r.FormFile("file")
	if err != nil {
		http.Error(w, "no file", http.StatusBadRequest)
		return
	}
	defer part.Close()
	data, err := io.ReadAll(part)
	if err != nil {
		http.Error(w, "half a file", http.StatusBadRequest)
		return
	}
	status := http.StatusOK
	s.update(func() {
		f := s.files[r.PathValue("id")]
		switch fault := s.fault("upload"); {
		case fault != nil:
			status = fault.Status
		case f == nil || f.length != len(data):
			status = http.StatusBadRequest
		default:
			f.Data = data
		}
		s.calls = append(s.calls, Call{Method: "upload", Status: status})
	})
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "OK - "+strconv.Itoa(len(data)))
}

// completeUpload is the third step, which shows the file. The lock is held.
func (s *Server) completeUpload(args map[string]any) (map[string]any, refusal) {
	var files []struct {
		ID string `json:"id"`
	}
	if json.Unmarshal([]byte(text(args, "files")), &files) != nil || len(files) != 1 {
		return nil, "invalid_arguments"
	}
	f := s.files[files[0].ID]
	if f == nil || f.Data == nil {
		return nil, "file_not_found"
	}
	channel := text(args, "channel_id")
	if channel == "" {
		return nil, "invalid_channel"
	}
	if no := s.reachable(channel); no != "" {
		return nil, no
	}
	m := s.addMessage(channel, map[string]any{"thread_ts": text(args, "thread_ts")})
	m.Via, m.File = "files.completeUploadExternal", f
	return map[string]any{"files": []any{map[string]any{"id": f.ID, "title": f.Name}}}, ""
}
