package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.NewAccounts;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.metrics.Metrics;
import tg.gouv.messagerie.platform.outbox.Delivery;
import tg.gouv.messagerie.platform.outbox.Figures;

/** The routes from an act to what follows it elsewhere, running until closed. */
public final class Routes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    private final CamelContext camel;
    private final Optional<Findings> findings;

    private Routes(CamelContext camel, Optional<Findings> findings) {
        this.camel = camel;
        this.findings = findings;
    }

    /** Starts every route; what waits in the outbox is handled from now on. */
    public static Routes start(RoutesSettings settings, RouteParts parts) {
        Connections connections = parts.database().connections("routes", "platform", settings.connectionsMax());
        CamelContext camel = Engine.start(
                new OutboxComponent(parts.outbox(), connections),
                steps(settings, parts),
                List.of(new AccountRoutes(), new AdministratorRoutes()));
        if (settings.administrators().isEmpty()) {
            LOG.warn("event=nobody-to-tell setting=routes.administrators");
            return new Routes(camel, Optional.empty());
        }
        return new Routes(
                camel,
                Optional.of(new Findings(
                        parts.outbox(),
                        connections,
                        parts.identity()::expires,
                        parts.server(),
                        settings,
                        parts.clock())));
    }

    /** The beans that routes name. */
    private static Map<String, Processor> steps(RoutesSettings settings, RouteParts parts) {
        Sender sender = new Sender(settings.addresses());
        Welcome welcome =
                new Welcome(parts.submission(), sender, parts.portal(), parts.sealed(), settings.welcomeNote());
        AdministratorLetters letters = new AdministratorLetters(parts.submission(), sender, parts.server());
        return Map.of(
                AccountRoutes.MAILBOXES,
                OutboxComponent.step((Connection c, Delivery it) -> mailboxes(parts.newAccounts(), c, it)),
                AccountRoutes.WELCOME,
                OutboxComponent.step(welcome::send),
                AccountRoutes.DEPARTURE,
                OutboxComponent.step(new Departure(parts.departedAccounts())::follow),
                AccountRoutes.RECOVERY,
                OutboxComponent.step(new Recovery(parts.submission(), sender)::send),
                AccountRoutes.ERASURE,
                OutboxComponent.step((Delivery it) -> parts.erasedAccounts()
                        .erase(new AccountId(
                                Payload.read(it, AccountErased.class).account()))),
                AdministratorRoutes.ON_DEAD_LETTERS,
                OutboxComponent.step(letters::deadLetters),
                AdministratorRoutes.ON_CERTIFICATE,
                OutboxComponent.step(letters::certificate));
    }

    private static void mailboxes(NewAccounts mail, Connection connection, Delivery delivery) throws SQLException {
        AccountActivated account = Payload.read(delivery, AccountActivated.class);
        mail.provide(connection, new AccountId(account.account()), MailAddress.of(account.address()));
    }

    /**
     * How a route is on this node.
     *
     * @param topic of its messages, and its name
     * @param transacted or leased
     * @param steps in their order
     * @param started false while it is stopped
     */
    public record State(String topic, boolean transacted, List<String> steps, boolean started, Figures figures) {}

    /** How every route is, by name. */
    public List<State> states() {
        return camel.getRoutes().stream()
                .filter(route -> route.getConsumer() instanceof OutboxConsumer)
                .map(route -> {
                    OutboxConsumer consumer = (OutboxConsumer) route.getConsumer();
                    return new State(
                            consumer.topic(),
                            consumer.work() == OutboxComponent.Work.TRANSACTED,
                            steps(route.getRouteId()),
                            camel.getRouteController()
                                    .getRouteStatus(route.getRouteId())
                                    .isStarted(),
                            consumer.figures());
                })
                .sorted(Comparator.comparing(State::topic))
                .toList();
    }

    /** Shows what routes do on this node. */
    public void watch(Metrics metrics) {
        for (State each : states()) {
            String topic = each.topic();
            metrics.gauge(
                    "route_handled_messages",
                    "Messages that a route has handled on this node since it started.",
                    () -> figures(topic).handled(),
                    "route",
                    topic);
            metrics.gauge(
                    "route_failed_attempts",
                    "Attempts of a route that have failed on this node since it started.",
                    () -> figures(topic).failed(),
                    "route",
                    topic);
            metrics.gauge(
                    "route_spent_seconds",
                    "How long all attempts of a route have taken together on this node.",
                    () -> figures(topic).spent().toNanos() / 1e9,
                    "route",
                    topic);
        }
    }

    private List<String> steps(String route) {
        Model model = Objects.requireNonNull(camel.getCamelContextExtension().getContextPlugin(Model.class));
        return ProcessorDefinitionHelper.filterTypeInOutputs(
                        model.getRouteDefinition(route).getOutputs(), ProcessorDefinition.class)
                .stream()
                .map(step -> String.valueOf(step.getId()))
                .toList();
    }

    private Figures figures(String topic) {
        Route route = camel.getRoute(topic);
        return route != null && route.getConsumer() instanceof OutboxConsumer consumer
                ? consumer.figures()
                : OutboxConsumer.NOTHING;
    }

    /** Whether every route is started; what a route has to do and cannot is the outbox's to tell. */
    public boolean isWell() {
        return camel.getRoutes().stream()
                .allMatch(route -> camel.getRouteController()
                        .getRouteStatus(route.getRouteId())
                        .isStarted());
    }

    /** Ends the messages that are worked on, within bounds; the others stay in the outbox. */
    @Override
    public void close() {
        findings.ifPresent(Findings::close);
        camel.stop();
    }
}
