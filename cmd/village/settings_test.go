package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A container is given its secrets as files.
func TestSecretsComeFromFiles(t *testing.T) {
	dir := t.TempDir()
	token, empty := filepath.Join(dir, "token"), filepath.Join(dir, "empty")
	for path, words := range map[string]string{token: "the-token\n", empty: "\n"} {
		if err := os.WriteFile(path, []byte(words), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name       string
		env        map[string]string
		want, says string
	}{
		{"a file", map[string]string{"DISCORD_TOKEN_FILE": token, "DISCORD_TOKEN": ""}, "the-token", ""},
		{"the variable", map[string]string{"DISCORD_TOKEN": "other"}, "other", ""},
		{"both", map[string]string{"DISCORD_TOKEN_FILE": token, "DISCORD_TOKEN": "other"}, "", "DISCORD_TOKEN and DISCORD_TOKEN_FILE are both set"},
		{"no file", map[string]string{"DISCORD_TOKEN_FILE": filepath.Join(dir, "gone")}, "", "DISCORD_TOKEN_FILE"},
		{"nothing in it", map[string]string{"DISCORD_TOKEN_FILE": empty}, "", "is empty"},
	} {
		getenv, err := withFiles(func(name string) string { return c.env[name] })
		switch {
		case c.says != "":
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "the-token") {
				t.Errorf("%s: %v, and not %q", c.name, err, c.says)
			}
		case err != nil || getenv("DISCORD_TOKEN") != c.want:
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Somebody wrote DISCORD_TOKN, the console started, and nobody knew why.
func TestMisspeltSettingsAreNamed(t *testing.T) {
	said := strings.Join(misspelt([]string{
		"DISCORD_TOKN=x", "VILLAGE_COLOR=red", "SLACK_BOT_TOKEN_FILE=/run/secrets/slack", "VILLAGE_DATA=/data", "PATH=/bin",
		"REDIS_URI=redis://", "HOME=/home/somebody", "DISCORD_APP=", "GOFLAGS=", "LOG=x", "TERM=xterm",
	}), "\n")
	want := "DISCORD_TOKN is set, and I have no such setting. Did you mean DISCORD_TOKEN?\n" +
		"REDIS_URI is set, and I have no such setting. Did you mean REDIS_URL?\n" +
		"VILLAGE_COLOR is set, and I have no such setting"
	if said != want {
		t.Errorf("said:\n%s\nwant:\n%s", said, want)
	}
}

// The doctor said "ok" to values that the program refused a minute later.
func TestDoctorLooksAtValues(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		says string
	}{
		{map[string]string{"VILLAGE_LISTEN": "8080"}, `wrong  VILLAGE_LISTEN is "8080". Write it as host:port`},
		{map[string]string{"VILLAGE_PUBLIC_URL": "foo"}, `wrong  VILLAGE_PUBLIC_URL is "foo". Write the whole address`},
		{map[string]string{"VILLAGE_PUBLIC_URL": "http://village.example.org"}, "risky  VILLAGE_PUBLIC_URL begins with http:"},
		{map[string]string{"VILLAGE_LOG": "loud"}, `wrong  VILLAGE_LOG holds "loud"`},
		{map[string]string{"DISCORD_PUBLIC_KEY": "aa"}, "risky  DISCORD_PUBLIC_KEY is set and does nothing, since DISCORD_TOKEN is not"},
		{nil, "Next: to connect Discord set DISCORD_TOKEN"},
		{map[string]string{"VILLAGE_LISTEN": "8080"}, `Next: VILLAGE_LISTEN is "8080"`},
		{map[string]string{"VILLAGE_KEY": strings.Repeat("0a", 32)}, "ok     VILLAGE_KEY is set"},
	} {
		env := map[string]string{"VILLAGE_DATA": t.TempDir()}
		for name, value := range c.env {
			env[name] = value
		}
		var said strings.Builder
		run(t.Context(), []string{"doctor"}, func(name string) string { return env[name] }, strings.NewReader(""), &said, testLog{t})
		if !strings.Contains(said.String(), c.says) {
			t.Errorf("with %v the doctor does not say %q:\n%s", c.env, c.says, said.String())
		}
		for name := range c.env {
			if strings.HasPrefix(c.says, "wrong") && strings.Contains(said.String(), "ok     "+name) {
				t.Errorf("%s is wrong, and all right as well:\n%s", name, said.String())
			}
		}
		if strings.Contains(said.String(), "a bot is running") {
			t.Errorf("with %v a bot is said to run:\n%s", c.env, said.String())
		}
		if strings.Contains(said.String(), "VILLAGE_KEY: ") && c.env["VILLAGE_KEY"] != "" {
			t.Errorf("a key in hex is refused:\n%s", said.String())
		}
	}
}

func TestLogAsAsked(t *testing.T) {
	for setting, want := range map[string]struct{ debug, json bool }{"": {}, "json,debug": {true, true}, "JSON": {false, true}, "debug": {true, false}} {
		var out strings.Builder
		p := &program{getenv: func(string) string { return setting }, stderr: &out}
		log, err := p.logger()
		if err != nil {
			t.Fatalf("%q: %v", setting, err)
		}
		log.Debug("quiet")
		log.Warn("a word")
		first, _, _ := strings.Cut(out.String(), "\n")
		if strings.Contains(out.String(), "quiet") != want.debug || json.Valid([]byte(first)) != want.json {
			t.Errorf("%q logs:\n%s", setting, out.String())
		}
	}
}
