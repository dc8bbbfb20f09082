package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// film keeps what the bot sends in the conversations on Discord and Slack, so
// that it can be looked at as their clients draw it, and held against checkers
// that nobody here wrote: .ci/second-opinions does both. It is kept in the
// folder that VILLAGE_FILM names, a file for every conversation; without the
// variable nothing is kept, and nothing is missing.
type film struct {
	folder string
	Scenes []scene    `json:"scenes"`
	Sent   []sentBody `json:"sent"`
}

// scene is a line and what it led to.
type scene struct {
	At    time.Time `json:"at"`
	Line  string    `json:"line"`
	Shown []frame   `json:"shown"`
}

// frame is a message that somebody is shown, or one that has changed.
type frame struct {
	To      string `json:"to"`     // an ID
	Reader  string `json:"reader"` // a name, or a channel's with its #
	Private bool   `json:"private,omitempty"`
	Edited  bool   `json:"edited,omitempty"`
	Body    any    `json:"body"`
}

// sentBody is a body that the bot sent, to a path or a method.
type sentBody struct {
	Method string          `json:"method"`
	Body   json.RawMessage `json:"body"`
}

func newFilm() *film { return &film{folder: os.Getenv("VILLAGE_FILM")} }

func (f *film) take(at time.Time, line string, list []shown) {
	if f.folder == "" {
		return
	}
	s := scene{At: at, Line: line}
	for _, m := range list {
		s.Shown = append(s.Shown, m.frame)
	}
	f.Scenes = append(f.Scenes, s)
}

func (f *film) sent(list []sentBody) {
	for _, b := range list {
		if f.folder != "" && json.Valid(b.Body) {
			f.Sent = append(f.Sent, b)
		}
	}
}

// keep writes the film, named after the test.
func (f *film) keep(t *testing.T) {
	if f.folder == "" {
		return
	}
	data, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	_, name, _ := strings.Cut(t.Name(), "/")
	if err := os.WriteFile(filepath.Join(f.folder, strings.ReplaceAll(name, "/", ".")+".json"), data, 0o600); err != nil {
		t.Fatal(err)
	}
}
