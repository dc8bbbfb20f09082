package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"village/bot"
	"village/bot/console"
	"village/content"
	"village/internal/store/bolt"
)

// typedInDocs are the commands that a page says to type: inline code that begins with a
// slash.
func typedInDocs(t *testing.T, path string) (chat, shell []string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(string(raw), -1) {
		switch line := m[1]; {
		case strings.HasPrefix(line, "/") && !strings.Contains(line, "…"):
			chat = append(chat, line)
		case strings.HasPrefix(line, "village "), strings.HasPrefix(line, "go run ./cmd/village "):
			shell = append(shell, strings.TrimPrefix(strings.TrimPrefix(line, "go run ./cmd/"), "village "))
		}
	}
	return chat, shell
}

// Every command that the docs say to type is one: a moderator of a fresh village types
// it, and may be asked for more, but is never told that there is no such thing.
func TestDocsSayWhatThereIs(t *testing.T) {
	t.Parallel()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	clock := &clock{now: time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)}
	kept, err := bolt.OpenThrowaway(clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	r, err := newRehearsal(t.Context(), kept, library, clock, console.Config{Out: testLog{t}, Moderators: []string{"mod"}})
	if err != nil {
		t.Fatal(err)
	}
	wrong := map[string]bool{bot.CodeUnknownCommand: true, bot.CodeUnknownOption: true, bot.CodeOptionWrong: true, bot.CodeTooMuch: true, bot.CodeNotAllowed: true, bot.CodeInternal: true}
	paths, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	// Slack's own command and ours as it is spelled there, and paths.
	notOurs := []string{"/invite", "/village", "/slack", "/discord", "/healthz", "/readyz", "/metrics", "/tmp"}
	typed := 0
	for _, path := range append(paths, "../../README.md") {
		chat, shell := typedInDocs(t, path)
		for _, line := range chat {
			if slices.Contains(notOurs, strings.Fields(line)[0]) || strings.Count(line, "/") > 1 || strings.Contains(line, ".") {
				continue
			}
			typed++
			reply := r.parts.bot.Do(t.Context(), bot.Request{
				Platform: console.Name, Workspace: console.Workspace, Room: bot.Room{ID: console.Workspace, Name: "village"},
				From: bot.Person{ID: console.Name + "/mod", Name: "mod", Moderator: true}, Line: line,
			})
			if wrong[reply.Code] {
				t.Errorf("%s says to type %s, and that is answered with %s", path, line, reply.Code)
			}
		}
		for _, line := range shell {
			name, flags, _ := strings.Cut(line, " ")
			typed++
			found := false
			for _, c := range subcommands() {
				found = found || c.name == name || strings.HasPrefix(strings.Trim(name, "[]"), "-")
			}
			if !found {
				t.Errorf("%s says to run village %s %s, and there is no such command", path, name, flags)
			}
		}
	}
	if typed < 60 {
		t.Errorf("only %d commands were found in the docs", typed)
	}
}

// Whoever runs it with compose can set everything there is, also secrets as files.
func TestComposePassesEverySetting(t *testing.T) {
	raw, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range settings() {
		names := []string{s.Name}
		if s.Secret && s.Name != "REDIS_URL" { // whose password is a setting of its own there
			names = append(names, s.Name+fromFile)
		}
		for _, name := range names {
			if name != "VILLAGE_DATA" && !strings.Contains(string(raw), "      "+name+": ${"+name+":-") { // the image sets the folder
				t.Errorf("docker-compose.yml does not pass %s on", name)
			}
		}
	}
	var file struct {
		Services map[string]struct {
			Volumes, Tmpfs []string
			MemLimit       string `yaml:"mem_limit"`
			ReadOnly       bool   `yaml:"read_only"`
		}
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if v := file.Services["village"]; !v.ReadOnly || v.MemLimit == "" || len(v.Tmpfs) == 0 || file.Services["redis"].MemLimit == "" {
		t.Errorf("docker-compose.yml leaves a door open: %+v", file.Services)
	}
}
