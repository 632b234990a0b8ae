package tg.gouv.messagerie.deploy.routes;

import org.apache.camel.builder.RouteBuilder;

/** What follows the activation of an account: its mailboxes, and a welcome in them; the departure of its person, and their erasure;
 * what a person must hear of. */
final class AccountRoutes extends RouteBuilder {
    static final String MAILBOXES = "default-mailboxes";
    static final String WELCOME = "welcome";
    static final String DEPARTURE = "departure";
    static final String RECOVERY = "recovery";
    static final String ERASURE = "erasure";

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // the outbox tries again
        from("outbox:" + AccountActivated.TOPIC + "?work=transacted&schema=mail")
                .routeId(AccountActivated.TOPIC)
                .process(MAILBOXES)
                .id(MAILBOXES)
                .process(WELCOME)
                .id(WELCOME);
        from("outbox:" + AccountDeparted.TOPIC + "?work=transacted&schema=mail")
                .routeId(AccountDeparted.TOPIC)
                .process(DEPARTURE)
                .id(DEPARTURE);
        from("outbox:" + PasswordRecovered.TOPIC + "?work=transacted&schema=mail")
                .routeId(PasswordRecovered.TOPIC)
                .process(RECOVERY)
                .id(RECOVERY);
        from("outbox:" + AccountErased.TOPIC + "?work=leased") // a large mailbox is more than one transaction's worth
                .routeId(AccountErased.TOPIC)
                .process(ERASURE)
                .id(ERASURE);
    }
}
