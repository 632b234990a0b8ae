package tg.gouv.messagerie.portal.help;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.platform.help.HelpCode;
import tg.gouv.messagerie.portal.clients.ClientSettings;
import tg.gouv.messagerie.portal.clients.DeviceGuide;
import tg.gouv.messagerie.portal.clients.DeviceGuide.Device;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** Help for everybody, whether or not they have signed in. */
public final class HelpPages {
    private final ClientSettings settings;
    private final StaticTemplates templates = new StaticTemplates();

    /** Help for the programs of people of this server. */
    public HelpPages(ClientSettings settings) {
        this.settings = settings;
    }

    /** All of them. */
    public List<Route> routes() {
        return List.of(
                Route.get("/aide", Access.EVERYBODY, HelpPages.class, this::all),
                Route.get("/aide/appareil/{appareil}", Access.EVERYBODY, HelpPages.class, this::device),
                Route.get("/aide/{code}", Access.EVERYBODY, HelpPages.class, this::code));
    }

    private Reply all(Visit visit) {
        Optional<String> sought = visit.query().given("code");
        if (sought.isPresent()) {
            return HelpCode.of(sought.get())
                    .map(it -> Reply.to("/aide/" + it.number()))
                    .orElseThrow(() -> new PageRefused(404, "help.unknown-code", sought.get()));
        }
        return Reply.page(templates.helpAll(
                visit.shell(), Arrays.stream(Device.values()).map(Device::word).toList(), List.of(HelpCode.values())));
    }

    private Reply device(Visit visit) {
        Device device = Device.of(visit.name("appareil", text -> text)).orElseThrow(PageRefused::nothingThere);
        Optional<Account> reader = visit.visitor().map(it -> it.owner());
        return Reply.page(templates.helpDevice(
                visit.shell(), DeviceGuide.of(device, settings, reader.map(Account::primary), visit.language())));
    }

    private Reply code(Visit visit) {
        String number = visit.name("code", text -> text);
        HelpCode code = HelpCode.of(number).orElseThrow(PageRefused::nothingThere);
        return Reply.page(templates.helpCode(visit.shell(), code));
    }
}
