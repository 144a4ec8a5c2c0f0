package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// endpoint is where the provider finds Azure: an HTTPS server of this process that stands for the cloud's metadata, the
// managed identity and the Resource Manager of the case that is running.
type endpoint struct {
	server  *httptest.Server // speaks HTTPS
	proxy   *httptest.Server // speaks HTTP: the metadata service of virtual machines has a fixed address
	folder  string
	trace   bool
	lock    sync.Mutex
	manager *resourceManager
}

// newEndpoint starts the server and makes this process trust its certificate.
//
// Both is done by environment variables that Go and the SDKs read, so that every version of the provider can be led here
// without a change: SSL_CERT_FILE for the certificate, IDENTITY_* (the SDK's second generation) and HTTP_PROXY (its first,
// which knows one address only) for the tokens.
func newEndpoint(trace bool) (*endpoint, error) {
	folder, err := os.MkdirTemp("", "recorder")
	if err != nil {
		return nil, err
	}
	azure := &endpoint{folder: folder, trace: trace}
	azure.server, azure.proxy = httptest.NewTLSServer(azure), httptest.NewServer(azure)
	authority := filepath.Join(folder, "authority.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: azure.server.Certificate().Raw})
	if err := os.WriteFile(authority, certificate, 0o600); err != nil {
		return nil, err
	}
	for name, value := range map[string]string{
		"SSL_CERT_FILE":     authority,
		"IDENTITY_ENDPOINT": azure.server.URL + "/token",
		"IDENTITY_HEADER":   "recorder",
		"HTTP_PROXY":        azure.proxy.URL,
		"http_proxy":        azure.proxy.URL,
	} {
		if err := os.Setenv(name, value); err != nil {
			return nil, err
		}
	}
	return azure, nil
}

func (e *endpoint) close() {
	e.server.Close()
	e.proxy.Close()
	_ = os.RemoveAll(e.folder)
}

// serve makes requests go to the Resource Manager of one case.
func (e *endpoint) serve(manager *resourceManager) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.manager = manager
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/metadata/endpoints"):
		reply(w, http.StatusOK, e.metadata(r.URL.Query().Get("api-version")))
	case r.URL.Path == "/token", strings.HasSuffix(r.URL.Path, "/oauth2/token"):
		reply(w, http.StatusOK, object{
			"access_token": "recorder", "token_type": "Bearer", "resource": r.URL.Query().Get("resource"),
			"expires_in": "86400", "expires_on": "4102444800", "not_before": "0", "client_id": "recorder",
		})
	default:
		e.lock.Lock()
		manager := e.manager
		e.lock.Unlock()
		if e.trace {
			fmt.Fprintln(os.Stderr, "recorder:", r.Method, r.URL)
		}
		manager.ServeHTTP(w, r)
	}
}

// metadata describes the cloud, in the form of 2019 (a list) or of 2015 (one object), as it is asked for.
func (e *endpoint) metadata(apiVersion string) any {
	authentication := object{"loginEndpoint": e.server.URL, "audiences": []string{e.server.URL}}
	if apiVersion >= "2019" {
		return []object{{"name": cloudName, "resourceManager": e.server.URL, "authentication": authentication}}
	}
	return object{"galleryEndpoint": e.server.URL, "graphEndpoint": e.server.URL, "portalEndpoint": e.server.URL, "authentication": authentication}
}

func reply(w http.ResponseWriter, code int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(text)
}
