package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"village/bot/mail"
)

// setting is one environment variable.
type setting struct {
	Name, Meaning string
	Secret        bool
}

// settings are all there are, in the order in which they are explained.
func settings() []setting {
	all := []setting{
		{"VILLAGE_DATA", "the folder of the embedded store and the key file", false},
		{"REDIS_URL", "keep everything in Redis or Valkey instead: redis://host:6379/0", true},
		{"VILLAGE_NAME", "this process's name among several over one Redis, which it keeps over its restarts; that of the machine and VILLAGE_DATA when it is not set", false},
		{"VILLAGE_KEY", "the key that seals what is kept: 32 bytes in base64 or hex (several, apart by commas: the first seals)", true},
		{"VILLAGE_BACKUP", "where the running bot writes backups of the embedded store, when, and how many are kept: /backups,daily,14 (hourly, daily, weekly or an hour such as 04:30)", false},
		{"VILLAGE_LISTEN", "address for health and metrics, such as 127.0.0.1:8080", false},
		{"VILLAGE_PUBLIC_URL", "the address under which VILLAGE_LISTEN is reached from outside", false},
		{"VILLAGE_SMTP_URL", "the server that mail to family and friends goes out by: smtp://user:password@mail.example.org:587 (smtps:// and port 465 where TLS comes first); needs VILLAGE_PUBLIC_URL", true},
		{"VILLAGE_SMTP_FROM", "the address that mail comes from, such as helpers@example.org", false},
		{"VILLAGE_CONTENT", "a folder laid over the embedded content", false},
		{"VILLAGE_LOG", "how the log is written, and from which level on: text or json, and debug, info, warn or error, such as json,warn (text,info when it is not set)", false},
	}
	for _, platform := range platforms() {
		all = append(all, platform.settings...)
	}
	return all
}

const (
	// fromFile ends the name of a setting that is read from a file instead.
	fromFile = "_FILE"
	// maxSecret is the longest secret that is read from a file, in bytes.
	maxSecret = 64 << 10
)

// withFiles looks a setting up in the file that NAME_FILE names, where NAME itself is
// not set: secrets that a container is given are files. A file that cannot be read, and
// both at once, are errors for whoever starts the program.
func withFiles(getenv func(string) string) (func(string) string, error) {
	read, problems := map[string]string{}, []error(nil)
	for _, s := range settings() {
		path := getenv(s.Name + fromFile)
		if !s.Secret || path == "" {
			continue
		}
		value, err := secretIn(path)
		switch {
		case getenv(s.Name) != "":
			problems = append(problems, fmt.Errorf("%s and %s are both set. Please set one of them", s.Name, s.Name+fromFile))
		case err != nil:
			problems = append(problems, fmt.Errorf("%s: %w", s.Name+fromFile, err))
		}
		read[s.Name] = value
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return func(name string) string {
		if value := read[name]; value != "" {
			return value
		}
		return getenv(name)
	}, nil
}

// secretIn reads what stands in a file, without the line's end. The error never holds it.
func secretIn(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	value := strings.TrimSpace(string(raw))
	switch {
	case len(raw) > maxSecret:
		return "", fmt.Errorf("%s is too long for a secret", path)
	case value == "":
		return "", fmt.Errorf("%s is empty", path)
	}
	return value, nil
}

// misspelt names the variables of an environment ("NAME=value") that look like settings
// and are none, each with what may be meant.
func misspelt(environ []string) []string {
	var known, out []string
	for _, s := range settings() {
		known = append(known, s.Name)
		if s.Secret {
			known = append(known, s.Name+fromFile)
		}
	}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		if value == "" || slices.Contains(known, name) {
			continue
		}
		nearest := slices.MinFunc(known, func(a, b string) int {
			return levenshtein.ComputeDistance(name, a) - levenshtein.ComputeDistance(name, b)
		})
		const slip = 2 // letters by which a name may differ and still be meant
		near := levenshtein.ComputeDistance(name, nearest)
		ours := strings.HasPrefix(name, "VILLAGE_") || strings.HasPrefix(name, "DISCORD_") || strings.HasPrefix(name, "SLACK_")
		switch {
		case near <= slip && len(name) > 2*slip:
			out = append(out, fmt.Sprintf("%s is set, and I have no such setting. Did you mean %s?", name, nearest))
		case ours:
			out = append(out, fmt.Sprintf("%s is set, and I have no such setting", name))
		}
	}
	slices.Sort(out)
	return out
}

// logger writes the log as VILLAGE_LOG asks for.
func (p *program) logger() (*slog.Logger, error) {
	var level slog.Level
	asJSON := false
	for _, word := range split(strings.ToLower(p.getenv("VILLAGE_LOG"))) {
		switch word {
		case "text", "json":
			asJSON = word == "json"
		case "debug", "info", "warn", "error":
			if err := level.UnmarshalText([]byte(word)); err != nil {
				return nil, err
			}
		default:
			return nil, errUsage{fmt.Errorf("VILLAGE_LOG holds %q. It takes text or json, and debug, info, warn or error: json,warn", word)}
		}
	}
	options := &slog.HandlerOptions{Level: level}
	if asJSON {
		return slog.New(slog.NewJSONHandler(p.stderr, options)), nil
	}
	return slog.New(slog.NewTextHandler(p.stderr, options)), nil
}

// faults are what is wrong with settings by themselves, and what is risky about them:
// what can be said without asking anybody.
func (p *program) faults() (wrong, risky []string) {
	wrong, risky = p.addressFaults()
	if _, err := p.logger(); err != nil {
		wrong = append(wrong, err.Error())
	}
	for _, half := range [][2]string{{"DISCORD_PUBLIC_KEY", "VILLAGE_PUBLIC_URL"}, {"DISCORD_PUBLIC_KEY", "DISCORD_TOKEN"}, {"SLACK_CLIENT_SECRET", "SLACK_CLIENT_ID"}} {
		if p.getenv(half[0]) != "" && p.getenv(half[1]) == "" {
			risky = append(risky, fmt.Sprintf("%s is set and does nothing, since %s is not", half[0], half[1]))
		}
	}
	if p.getenv("SLACK_SIGNING_SECRET") != "" && p.getenv("SLACK_BOT_TOKEN")+p.getenv("SLACK_CLIENT_ID") == "" {
		risky = append(risky, "SLACK_SIGNING_SECRET is set and does nothing, since SLACK_BOT_TOKEN is not")
	}
	if p.getenv("DISCORD_TOKEN") != "" && p.reached() && p.getenv("DISCORD_PUBLIC_KEY") == "" {
		risky = append(risky, "VILLAGE_PUBLIC_URL is set and DISCORD_PUBLIC_KEY is not, so Discord is heard over its gateway and not over HTTP")
	}
	if p.environ != nil {
		risky = append(risky, misspelt(p.environ())...)
	}
	mailWrong, mailRisky := p.mailFaults()
	return append(wrong, mailWrong...), append(risky, mailRisky...)
}

// mailFaults are what is wrong and what is risky about mail.
func (p *program) mailFaults() (wrong, risky []string) {
	server, from := p.getenv("VILLAGE_SMTP_URL"), p.getenv("VILLAGE_SMTP_FROM")
	switch {
	case server == "" && from == "":
	case server == "":
		risky = append(risky, "VILLAGE_SMTP_FROM is set and does nothing, since VILLAGE_SMTP_URL is not")
	case !p.reached():
		risky = append(risky, "VILLAGE_SMTP_URL is set and does nothing, since VILLAGE_LISTEN and VILLAGE_PUBLIC_URL are not both set: the links in a mail need an address")
	default:
		if _, err := mail.New(mail.Config{URL: server, From: from}); err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	return wrong, risky
}

// addressFaults are what is wrong and what is risky about the two addresses.
func (p *program) addressFaults() (wrong, risky []string) {
	listen, public := p.getenv("VILLAGE_LISTEN"), p.getenv("VILLAGE_PUBLIC_URL")
	if _, _, err := net.SplitHostPort(listen); err != nil && listen != "" {
		wrong = append(wrong, fmt.Sprintf("VILLAGE_LISTEN is %q. Write it as host:port, such as 127.0.0.1:8080", listen))
	}
	if public == "" {
		return wrong, risky
	}
	switch u, err := url.Parse(public); {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		wrong = append(wrong, fmt.Sprintf("VILLAGE_PUBLIC_URL is %q. Write the whole address, such as https://village.example.org", public))
	case u.Scheme == "http" && u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost":
		risky = append(risky, "VILLAGE_PUBLIC_URL begins with http: Discord and Slack call https alone, and people's links would travel in the open")
	}
	if listen == "" {
		risky = append(risky, "VILLAGE_PUBLIC_URL is set and VILLAGE_LISTEN is not, so nothing listens behind it")
	}
	return wrong, risky
}
