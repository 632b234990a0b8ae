package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.NewAccounts;
import tg.gouv.messagerie.platform.outbox.Delivery;

/** The routes from an act to what follows it elsewhere, running until closed. */
public final class Routes implements AutoCloseable {
    private final CamelContext camel;

    private Routes(CamelContext camel) {
        this.camel = camel;
    }

    /** Starts every route; what waits in the outbox is handled from now on. */
    public static Routes start(RoutesSettings settings, RouteParts parts) {
        Sender sender = new Sender(settings.addresses());
        Welcome welcome =
                new Welcome(parts.submission(), sender, parts.portal(), parts.sealed(), settings.welcomeNote());
        return new Routes(Engine.start(
                new OutboxComponent(
                        parts.outbox(), parts.database().connections("routes", "platform", settings.connectionsMax())),
                Map.of(
                        AccountRoutes.MAILBOXES,
                        OutboxComponent.step((Connection c, Delivery it) -> mailboxes(parts.newAccounts(), c, it)),
                        AccountRoutes.WELCOME,
                        OutboxComponent.step(welcome::send)),
                List.of(new AccountRoutes())));
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
        camel.stop();
    }
}
