package tg.gouv.messagerie.platform.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;
import tg.gouv.messagerie.platform.audit.AuditTrails;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.PoolUse;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.outbox.Outboxes;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/** The program's figures: each has a name with its unit, as Prometheus shows it, and a sentence. May be called from any thread. */
public final class Metrics implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)+");

    /** Between a memory access and a client's patience: enough to see a median and a tail. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(10),
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final List<Runnable> beforeReading = new CopyOnWriteArrayList<>();

    private Metrics() {}

    /** The figures of this JVM and its process; the rest is added by who knows it. */
    public static Metrics ofThisProcess() {
        Metrics metrics = new Metrics();
        metrics.collections.bindTo(metrics.registry);
        new JvmMemoryMetrics().bindTo(metrics.registry);
        new JvmThreadMetrics().bindTo(metrics.registry);
        new ClassLoaderMetrics().bindTo(metrics.registry);
        new ProcessorMetrics().bindTo(metrics.registry);
        new FileDescriptorMetrics().bindTo(metrics.registry);
        new UptimeMetrics().bindTo(metrics.registry);
        return metrics;
    }

    /** Where libraries that know Micrometer put their figures. */
    public MeterRegistry registry() {
        return registry;
    }

    /**
     * How long something takes and how often it happens; the same name and labels give the same timer.
     *
     * @param name ends in {@code _seconds}
     * @param sentence for operators
     * @param labels names and values in turn; few values, never a person's
     */
    public Timer timer(String name, String sentence, String... labels) {
        demand(name, "_seconds", sentence);
        return Timer.builder(name)
                .description(sentence)
                .tags(labels)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /**
     * How often something happened since the start.
     *
     * @param name ends in {@code _total}
     */
    public Counter counter(String name, String sentence, String... labels) {
        demand(name, "_total", sentence);
        return Counter.builder(name).description(sentence).tags(labels).register(registry);
    }

    /** A figure as it is when it is read; {@code value} answers at once. */
    public void gauge(String name, String sentence, DoubleSupplier value, String... labels) {
        demand(name, "", sentence);
        Gauge.builder(name, value::getAsDouble)
                .description(sentence)
                .tags(labels)
                .register(registry);
    }

    /** Shows how the database's connections are used, by role. */
    public void watch(Database database) {
        MultiGauge connections = MultiGauge.builder("database_connections")
                .description("Connections of a role by what they do: active, idle; and operations that wait for one.")
                .register(registry);
        MultiGauge most = MultiGauge.builder("database_connections_max")
                .description("How many connections a role may have.")
                .register(registry);
        beforeReading.add(() -> {
            List<MultiGauge.Row<?>> used = new ArrayList<>();
            List<MultiGauge.Row<?>> bounds = new ArrayList<>();
            for (PoolUse pool : database.pools()) {
                used.add(MultiGauge.Row.of(Tags.of("role", pool.role(), "state", "active"), pool.active()));
                used.add(MultiGauge.Row.of(Tags.of("role", pool.role(), "state", "idle"), pool.idle()));
                used.add(MultiGauge.Row.of(Tags.of("role", pool.role(), "state", "waiting"), pool.waiting()));
                bounds.add(MultiGauge.Row.of(Tags.of("role", pool.role()), pool.most()));
            }
            connections.register(used, true);
            most.register(bounds, true);
        });
    }

    /** Shows when the server's certificate ends. */
    public void watch(TlsIdentity identity) {
        gauge(
                "certificate_expires_timestamp_seconds",
                "When the server's certificate ends, in seconds since 1970.",
                () -> identity.expires().getEpochSecond());
        gauge(
                "certificate_well",
                "1 while the certificate is valid and its files are good, 0 otherwise.",
                () -> identity.isWell() ? 1 : 0);
    }

    /** Shows how many connections a server has. */
    public void watch(HttpServer server) {
        gauge("http_connections", "Open connections of the HTTPS server.", server::connections);
    }

    /** Shows how far the audit trail is sealed. */
    public void watch(AuditTrails trails) {
        gauge(
                "audit_sealed_rows",
                "Rows of the audit trail that are in the chain.",
                () -> trails.state().sealed());
        gauge(
                "audit_unsealed_rows",
                "Rows of the audit trail that wait for their seal.",
                () -> trails.state().unsealed());
        gauge(
                "audit_unsealed_oldest_seconds",
                "For how long the oldest row that waits for its seal has waited.",
                () -> trails.state().oldestUnsealed().toMillis() / 1e3);
        gauge(
                "audit_unsent_heads",
                "Signed heads that are not outside of this machine yet.",
                () -> trails.state().unsentHeads());
        gauge(
                "audit_well",
                "1 while rows are sealed and heads are outside in time, 0 otherwise.",
                () -> trails.isWell() ? 1 : 0);
    }

    /** Shows what the outbox has to do, and did. */
    public void watch(Outboxes outbox) {
        gauge(
                "outbox_waiting_messages",
                "Messages of the outbox that are not handled yet.",
                () -> outbox.state().waiting());
        gauge(
                "outbox_oldest_due_seconds",
                "For how long the message that should have been handled first has been due.",
                () -> outbox.state().oldestDue().toMillis() / 1e3);
        gauge(
                "outbox_dead_letters",
                "Messages of the outbox that were given up and wait for an administrator.",
                () -> outbox.state().dead());
        gauge(
                "outbox_partitions",
                "Parts of the outbox's table.",
                () -> outbox.state().partitions());
        gauge("outbox_handled_messages", "Messages that this node has handled since it started.", outbox::handled);
        gauge("outbox_failed_attempts", "Attempts that have failed on this node since it started.", outbox::failed);
        gauge(
                "database_oldest_snapshot_seconds",
                "For how long the oldest open transaction has kept PostgreSQL from forgetting rows.",
                () -> outbox.state().oldestSnapshot().toMillis() / 1e3);
    }

    /** All figures as they are now, in the text form of Prometheus (version 0.0.4). */
    public synchronized String text() {
        beforeReading.forEach(Runnable::run);
        return registry.scrape();
    }

    /** Counts no more. */
    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private void demand(String name, String unit, String sentence) {
        if (!NAME.matcher(name).matches() || !name.endsWith(unit)) {
            throw new IllegalStateException(
                    "a metric's name is like imap_command" + (unit.isEmpty() ? "s" : unit) + ", found " + name);
        }
        if (!sentence.endsWith(".")) {
            throw new IllegalStateException("the metric " + name + " needs a sentence");
        }
        for (Meter other : registry.getMeters()) {
            if (other.getId().getName().equals(name)
                    && !sentence.equals(other.getId().getDescription())) {
                throw new IllegalStateException("the metric " + name + " has another sentence elsewhere");
            }
        }
    }
}
