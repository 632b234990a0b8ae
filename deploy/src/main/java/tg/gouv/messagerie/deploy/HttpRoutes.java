package tg.gouv.messagerie.deploy;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.directory.admin.AdministrationApi;
import tg.gouv.messagerie.directory.help.HelpDesk;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.james.MailServer;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.portal.DavDoor;
import tg.gouv.messagerie.portal.JmapDoor;
import tg.gouv.messagerie.portal.JmapDoorSettings;
import tg.gouv.messagerie.portal.MailOffer;
import tg.gouv.messagerie.portal.PublicUrl;
import tg.gouv.messagerie.portal.Welcome;
import tg.gouv.messagerie.portal.account.AccountPages;
import tg.gouv.messagerie.portal.clients.ClientDoors;
import tg.gouv.messagerie.portal.clients.ClientSettings;
import tg.gouv.messagerie.portal.management.ManagementPages;
import tg.gouv.messagerie.portal.management.asking.DirectoryParts;
import tg.gouv.messagerie.portal.management.imports.ImportPages;
import tg.gouv.messagerie.portal.management.parts.AuditPages;
import tg.gouv.messagerie.portal.management.parts.LetterPages;

/** What the HTTPS port serves, by path. */
final class HttpRoutes {
    private HttpRoutes() {}

    /**
     * What mail programs are told of the program that runs.
     *
     * @param listening its open ports, by their names
     * @param directoryBase below which entry the directory is
     */
    static ClientSettings clients(ProgramSettings settings, Map<String, Integer> listening, String directoryBase) {
        PublicUrl url = settings.jmap().publicUrl();
        return ClientSettings.of(
                settings.directory().letters().state().orElse(url.authority()),
                url,
                listening,
                Optional.of(directoryBase),
                settings.directory().signIn().openid().map(it -> new ClientSettings.Provider(it.issuer(), it.scope())));
    }

    /** How large a file may be to get past everything that it meets. */
    private static ByteSize fileMax(ProgramSettings program) {
        return Stream.of(
                        program.http().bodySizeMax(),
                        program.portal().fileMax(),
                        program.directory().imports().fileMax())
                .min(Comparator.comparingLong(ByteSize::bytes))
                .orElseThrow();
    }

    static Map<String, Handler> of(
            ProgramSettings program,
            ClientSettings clients,
            TlsIdentity identity,
            Directories directories,
            MailServer mail,
            AccessLedger ledger,
            PersonalArchives archives,
            HelpDesk desk,
            PartLedger partLedger,
            LetterSettings letters,
            Clock clock,
            SecureRandom random) {
        JmapDoorSettings settings = program.jmap();
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
        routes.putAll(new DavDoor(signIns, settings.publicUrl(), clock).byPathPrefix());
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
                        directories.people(),
                        desk,
                        partLedger,
                        clock));
        routes.putAll(
                ClientDoors.byPathPrefix(clients, () -> directories.directory().domains(), clock));
        routes.putAll(PortalPages.byPathPrefix(
                program.portal(),
                new AccountPages.Parts(
                        directories.directory(),
                        directories.register(),
                        directories.provisioning(),
                        directories.rights(),
                        directories.webSessions(),
                        directories.sessions(),
                        directories.devicePasswords(),
                        directories.secondFactors(),
                        directories.lostPasswords(),
                        directories.hiddenFunctions(),
                        directories.activationCodes(),
                        ledger,
                        archives,
                        mail.absences(),
                        mail.forwards(),
                        clients,
                        identity::signed,
                        clock),
                new ManagementPages.Parts(
                        directories.register(),
                        directories.people(),
                        directories.provisioning(),
                        directories.rights(),
                        desk,
                        mail.forwards(),
                        directories.activationCodes(),
                        ledger,
                        directories.structure(),
                        directories.addressProposals(),
                        letters,
                        clock),
                new ImportPages.Parts(
                        directories.imports(), directories.importFiles(), directories.rights(), fileMax(program)),
                new LetterPages.Parts(
                        directories.activationCodes(),
                        directories.structure(),
                        directories.register(),
                        directories.rights(),
                        letters),
                new AuditPages.Parts(partLedger, directories.structure(), directories.register(), directories.rights()),
                new DirectoryParts(
                        directories.directory(),
                        directories.register(),
                        directories.provisioning(),
                        directories.rights(),
                        directories.structure(),
                        clock),
                program.data().resolve("run").resolve("uploads"),
                random));
        routes.put("/", new Welcome(offer, settings.publicUrl()));
        return routes;
    }
}
