package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.NewAccounts;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.outbox.Delivery;

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
                AdministratorRoutes.ON_DEAD_LETTERS,
                OutboxComponent.step(letters::deadLetters),
                AdministratorRoutes.ON_CERTIFICATE,
                OutboxComponent.step(letters::certificate));
    }

    private static void mailboxes(NewAccounts mail, Connection connection, Delivery delivery) throws SQLException {
        AccountActivated account = Payload.read(delivery, AccountActivated.class);
        mail.provide(connection, new AccountId(account.account()), MailAddress.of(account.address()));
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
