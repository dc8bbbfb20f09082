package content

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

func TestDangerIsHeard(t *testing.T) {
	l := load(t)
	file, err := os.Open("testdata/danger.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for scan := bufio.NewScanner(file); scan.Scan(); {
		if text := scan.Text(); !strings.HasPrefix(text, "#") && !l.Danger(text) {
			t.Errorf("not heard: %q", text)
		}
	}
}
