package tg.gouv.messagerie.deploy.routes;

import org.apache.camel.builder.RouteBuilder;

/** What is found is told to the administrators. */
final class AdministratorRoutes extends RouteBuilder {
    static final String ON_DEAD_LETTERS = "letter-on-dead-letters";
    static final String ON_CERTIFICATE = "letter-on-certificate";

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // the outbox tries again
        from("outbox:" + Finding.DeadLettersFound.TOPIC + "?work=transacted&schema=mail")
                .routeId(Finding.DeadLettersFound.TOPIC)
                .process(ON_DEAD_LETTERS)
                .id(ON_DEAD_LETTERS);
        from("outbox:" + Finding.CertificateEnds.TOPIC + "?work=transacted&schema=mail")
                .routeId(Finding.CertificateEnds.TOPIC)
                .process(ON_CERTIFICATE)
                .id(ON_CERTIFICATE);
    }
}
