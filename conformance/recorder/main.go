// Recorder answers one question per line of standard input: what does cloud-provider-azure make of these Services?
//
// It starts the provider as the cloud controller manager does, from an azure.json, lets it reconcile against an Azure
// Resource Manager in memory, and writes what stands there afterwards. The provider comes from its Go module, of the
// version in go.mod; nothing of it is copied, patched or replaced: its own SDK clients talk HTTPS to this process.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"k8s.io/klog/v2"
)

func main() {
	trace := flag.Bool("trace", false, "write every request to the Resource Manager, and the provider's own log, to standard error")
	flag.Parse()
	quiet(!*trace)
	if err := record(os.Stdin, os.Stdout, *trace); err != nil {
		fmt.Fprintln(os.Stderr, "recorder:", err)
		os.Exit(1)
	}
}

// quiet keeps the provider's log, megabytes of it, from standard error.
func quiet(drop bool) {
	flags := flag.NewFlagSet("klog", flag.PanicOnError)
	klog.InitFlags(flags)
	settings := map[string]string{"logtostderr": "true", "v": "4"}
	if drop {
		settings = map[string]string{"logtostderr": "false", "alsologtostderr": "false", "stderrthreshold": "FATAL"}
		klog.SetOutput(io.Discard)
	}
	for name, value := range settings {
		_ = flags.Set(name, value)
	}
}

// record runs the cases of in, one JSON document a line, and writes their outcomes in the same order.
func record(in io.Reader, out io.Writer, trace bool) error {
	azure, err := newEndpoint(trace)
	if err != nil {
		return err
	}
	defer azure.close()
	lines := bufio.NewReaderSize(in, 1<<20)
	for {
		line, readErr := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var c testCase
			if err := json.Unmarshal(line, &c); err != nil {
				return fmt.Errorf("a case that is not JSON: %w", err)
			}
			outcome, err := c.run(azure)
			if err != nil {
				return fmt.Errorf("case %s: %w", c.ID, err)
			}
			if err := writeLine(out, outcome); err != nil {
				return err
			}
		}
		if readErr == io.EOF {
			return nil
		}
		if readErr != nil {
			return readErr
		}
	}
}

func writeLine(out io.Writer, outcome object) error {
	text := &bytes.Buffer{}
	encoder := json.NewEncoder(text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(outcome); err != nil {
		return err
	}
	_, err := out.Write(text.Bytes())
	return err
}
