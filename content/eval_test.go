package content

import (
	"os"
	"testing"
)

func TestDev(t *testing.T) {
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open("testdata/dev.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	report, err := Evaluate(l, file)
	if err != nil {
		t.Fatal(err)
	}
	report.Print(os.Stdout)
}
