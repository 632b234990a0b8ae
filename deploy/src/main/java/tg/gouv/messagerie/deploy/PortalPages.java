package tg.gouv.messagerie.deploy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.server.Handler;
import tg.gouv.messagerie.portal.PortalSettings;
import tg.gouv.messagerie.portal.account.AccountPages;
import tg.gouv.messagerie.portal.help.HelpPages;
import tg.gouv.messagerie.portal.management.ManagementPages;
import tg.gouv.messagerie.portal.management.asking.DirectoryParts;
import tg.gouv.messagerie.portal.management.groups.GroupPages;
import tg.gouv.messagerie.portal.management.imports.ImportPages;
import tg.gouv.messagerie.portal.management.mailboxes.MailboxPages;
import tg.gouv.messagerie.portal.management.parts.AuditPages;
import tg.gouv.messagerie.portal.management.parts.LetterPages;
import tg.gouv.messagerie.portal.management.rights.GrantPages;
import tg.gouv.messagerie.portal.management.rooms.RoomPages;
import tg.gouv.messagerie.portal.pages.Asset;
import tg.gouv.messagerie.portal.pages.Door;
import tg.gouv.messagerie.portal.pages.Forms;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Shell;

/** Every page, assembled. */
final class PortalPages {
    private PortalPages() {}

    /**
     * The doors of all pages by the first segment of their addresses, for {@link
     * tg.gouv.messagerie.platform.http.HttpServer#start}.
     *
     * @param files a folder in which files lie while a request that brings them is answered
     */
    static Map<String, Handler> byPathPrefix(
            PortalSettings settings,
            AccountPages.Parts account,
            ManagementPages.Parts management,
            ImportPages.Parts imports,
            LetterPages.Parts letters,
            AuditPages.Parts audit,
            DirectoryParts directory,
            Path files,
            SecureRandom random) {
        Asset style = Asset.of("/style", "style.css", "text/css;charset=utf-8");
        Asset script = Asset.of("/script", "activate.js", "text/javascript;charset=utf-8");
        List<Route> routes = new ArrayList<>(new AccountPages(account).routes());
        routes.addAll(new ManagementPages(management).routes());
        routes.addAll(new ImportPages(imports).routes());
        routes.addAll(new LetterPages(letters).routes());
        routes.addAll(new AuditPages(audit).routes());
        routes.addAll(new GroupPages(directory).routes());
        routes.addAll(new MailboxPages(directory).routes());
        routes.addAll(new RoomPages(directory).routes());
        routes.addAll(new GrantPages(directory).routes());
        routes.addAll(new HelpPages(account.offered()).routes());
        Door door = new Door(
                routes,
                account.webSessions(),
                it -> !account.rights().heldBy(it).isEmpty(),
                new Shell.Site(
                        account.offered().state(),
                        settings.contact(),
                        ZoneId.of(settings.timeZone()),
                        style.path(),
                        script.path()),
                new Forms(files, settings.fileMax()),
                account.clock(),
                random);
        Map<String, Handler> doors = new TreeMap<>();
        door.prefixes().forEach(prefix -> doors.put(prefix, door));
        doors.put("/style", style);
        doors.put("/script", script);
        return doors;
    }

    /** Every page and act of a page behind these doors. */
    static List<Route> routes(Map<String, Handler> doors) {
        return doors.values().stream()
                .filter(Door.class::isInstance)
                .map(Door.class::cast)
                .distinct()
                .flatMap(it -> it.routes().stream())
                .toList();
    }
}
