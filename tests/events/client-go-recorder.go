// Records the events that the test beside it records, with the recorders of client-go, and ends with its input.
package main

import (
	"context"
	"io"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/tools/record"
)

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		panic(err)
	}
}

// run records core/v1 events of a pod and, by the other API, events of it that are related to itself.
func run(ctx context.Context, kubeconfig, namespace, pod string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	config.UserAgent = "recorder"
	config.ContentConfig = rest.ContentConfig{ContentType: "application/json"}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	object, err := client.CoreV1().Pods(namespace).Get(ctx, pod, metav1.GetOptions{})
	if err != nil {
		return err
	}

	core := record.NewBroadcaster()
	core.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: client.CoreV1().Events("")})
	recorder := core.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "recorder", Host: "host"})
	recorder.Event(object, corev1.EventTypeNormal, "Counted", "again")
	recorder.Event(object, corev1.EventTypeNormal, "Counted", "again")
	recorder.AnnotatedEventf(object, map[string]string{"example.com/run": "12"}, corev1.EventTypeWarning, "Annotated", "once")
	for _, message := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"} {
		recorder.Event(object, corev1.EventTypeNormal, "Combined", message)
	}

	series := events.NewBroadcaster(&events.EventSinkImpl{Interface: client.EventsV1()})
	if err := series.StartRecordingToSinkWithContext(ctx); err != nil {
		return err
	}
	newer := series.NewRecorder(scheme.Scheme, "recorder")
	newer.Eventf(object, object, corev1.EventTypeNormal, "Once", "Testing", "a note")
	newer.Eventf(object, nil, corev1.EventTypeWarning, "Twice", "Testing", "another note")
	newer.Eventf(object, nil, corev1.EventTypeWarning, "Twice", "Testing", "another note")

	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}
