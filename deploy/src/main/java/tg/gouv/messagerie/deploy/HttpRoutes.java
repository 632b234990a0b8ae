package tg.gouv.messagerie.deploy;

import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.server.Handler;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.admin.AdministrationApi;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.james.MailServer;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.portal.JmapDoor;
import tg.gouv.messagerie.portal.JmapDoorSettings;
import tg.gouv.messagerie.portal.MailOffer;
import tg.gouv.messagerie.portal.Welcome;

/** What the HTTPS port serves, by path. */
final class HttpRoutes {
    private HttpRoutes() {}

    static Map<String, Handler> of(
            JmapDoorSettings settings,
            Directories directories,
            MailServer mail,
            AccessLedger ledger,
            PersonalArchives archives,
            Clock clock) {
        SignIns signIns = directories.signIns();
        URI james = mail.jmap();
        JmapDoor jmap = new JmapDoor(
                settings,
                new Endpoint(james.getHost(), james.getPort()),
                signIns,
                directories.sessions(),
                mail.jmapKey(),
                clock);
        Map<String, Handler> routes = new TreeMap<>(jmap.byPathPrefix());
        MailOffer offer = new MailOffer(
                URI.create(settings.publicUrl().toString()).getHost(),
                mail.ports().getOrDefault("imaps", 0),
                mail.ports().getOrDefault("submissions", 0));
        routes.put(
                AdministrationApi.PREFIX,
                new AdministrationApi(
                        directories.register(),
                        directories.provisioning(),
                        directories.rights(),
                        directories.bearerTokens(),
                        directories.activationCodes(),
                        directories.devicePasswords(),
                        directories.sessions(),
                        directories.secondFactors(),
                        directories.directory(),
                        signIns,
                        ledger,
                        directories.rememberedRequests(),
                        archives,
                        directories.imports(),
                        directories.importFiles(),
                        clock));
        routes.put("/", new Welcome(offer, settings.publicUrl()));
        return routes;
    }
}
