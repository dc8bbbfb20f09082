package content

import (
	"strings"
	"testing"
)

// Directions for a driver are no cry for help, and a cry for help among
// directions is heard.
func TestCertain(t *testing.T) {
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(`ring at the blue door
12 Example Road, ring at the blue door
please be on time i will be tired
she will be waiting inside
the key is under the mat
last house on the left
my phone dies fast, call the front desk
pick up my pills at the pharmacy
two kids and a car seat
lactose free lasagne would be lovely
tomorrow 1pm
`) {
		if l.Certain(line) {
			t.Errorf("a false alarm: %s", line)
		}
	}
	for line := range strings.Lines(`i want to die
12 Example Road. i dont want to be here anymore
ring the bell, i am going to kill myself tonight
i took all my pills
she wont wake up
`) {
		if !l.Certain(line) {
			t.Errorf("not heard: %s", line)
		}
	}
}
