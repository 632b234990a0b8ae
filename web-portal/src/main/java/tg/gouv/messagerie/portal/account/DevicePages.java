package tg.gouv.messagerie.portal.account;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.DevicePasswords.Issued;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.portal.clients.ClientSettings;
import tg.gouv.messagerie.portal.clients.DeviceGuide;
import tg.gouv.messagerie.portal.clients.DeviceGuide.Device;
import tg.gouv.messagerie.portal.clients.MobileConfig;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** « Appareils »: a password of its own for each telephone and program, how each is set up, and to take it back. */
final class DevicePages {
    private static final String PLACE = "/compte/appareils";

    private final DevicePasswords devices;
    private final ClientSettings settings;
    private final Function<byte[], byte[]> signature;
    private final StaticTemplates templates = new StaticTemplates();

    /**
     * The pages.
     *
     * @param signature signs a document as this server
     */
    DevicePages(DevicePasswords devices, ClientSettings settings, Function<byte[], byte[]> signature) {
        this.devices = devices;
        this.settings = settings;
        this.signature = signature;
    }

    List<Route> routes() {
        return List.of(
                Route.get(PLACE, Access.ENROLLING, DevicePages.class, this::show),
                Route.get(PLACE + "/ajouter", Access.SIGNED_IN, DevicePages.class, this::choose),
                Route.get(
                        PLACE + "/ajouter/{appareil}", Access.PROVED, DevicePages.class, visit -> form(200, visit, "")),
                Route.post(PLACE + "/ajouter/{appareil}", Access.PROVED, DevicePages.class, this::issue),
                Route.get(PLACE + "/profil", Access.SIGNED_IN, DevicePages.class, this::profile),
                Route.post(PLACE + "/{id}/retirer", Access.SIGNED_IN, DevicePages.class, this::revoke));
    }

    private Reply show(Visit visit) {
        return Reply.page(templates.accountDevices(visit.shell(), devices.of(visit.account())));
    }

    private Reply choose(Visit visit) {
        return Reply.page(templates.accountDeviceKinds(
                visit.shell(), Arrays.stream(Device.values()).map(Device::word).toList()));
    }

    private Reply form(int status, Visit visit, String wrong) {
        Device device = device(visit);
        String name = visit.form().line("nom");
        return Reply.page(
                status,
                templates.accountDeviceNew(
                        visit.shell(),
                        device.word(),
                        name.isEmpty() ? visit.shell().text("device." + device.word() + ".name") : name,
                        protocols(device),
                        wrong));
    }

    private Reply issue(Visit visit) {
        Device device = device(visit);
        Set<Protocol> opens = visit.form().all("pour").stream()
                .flatMap(it ->
                        protocols(device).stream().filter(each -> each.name().equals(it)))
                .collect(Collectors.toSet());
        Issued issued;
        try {
            issued = devices.issue(visit.account(), visit.form().line("nom"), opens, Optional.empty());
        } catch (ProvisioningRefused refused) {
            return form(422, visit, refused.sentence(visit.language()));
        }
        Account owner = visit.owner();
        DeviceGuide guide = DeviceGuide.of(device, settings, Optional.of(owner.primary()), visit.language());
        return Reply.page(templates.accountDeviceMade(
                visit.shell(),
                issued.password().reveal(),
                QrPath.of(issued.password().reveal()),
                guide.withPasswordMade(),
                device == Device.APPLE && settings.serveMail()));
    }

    /** The profile for an iPhone: settings without a password, signed by this server. */
    private Reply profile(Visit visit) {
        if (!settings.serveMail()) {
            throw PageRefused.nothingThere();
        }
        byte[] signed = signature.apply(MobileConfig.of(settings, visit.owner(), visit.language()));
        return Reply.file(MobileConfig.MEDIA_TYPE, "messagerie.mobileconfig", to -> to.write(signed));
    }

    private Reply revoke(Visit visit) {
        devices.revoke(visit.account(), visit.name("id", UUID::fromString)); // two tabs: it may be gone already
        return Reply.to(PLACE + "?fait=device-revoked");
    }

    private static Device device(Visit visit) {
        return Device.of(visit.name("appareil", text -> text)).orElseThrow(PageRefused::nothingThere);
    }

    /** What a device password of such a device is for, in the order in which it is offered. */
    private static List<Protocol> protocols(Device device) {
        return switch (device) {
            case THUNDERBIRD ->
                List.of(Protocol.IMAP, Protocol.SMTP, Protocol.DAV, Protocol.LDAP, Protocol.MANAGESIEVE);
            case ANDROID, APPLE -> List.of(Protocol.IMAP, Protocol.SMTP, Protocol.DAV);
            case OUTLOOK -> List.of(Protocol.IMAP, Protocol.SMTP, Protocol.LDAP);
            case OTHER ->
                List.of(Protocol.IMAP, Protocol.SMTP, Protocol.DAV, Protocol.LDAP, Protocol.MANAGESIEVE, Protocol.JMAP);
        };
    }
}
