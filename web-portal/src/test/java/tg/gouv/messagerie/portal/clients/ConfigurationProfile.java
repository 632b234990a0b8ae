package tg.gouv.messagerie.portal.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/*
 * After Apple's description of profiles (github.com/apple/device-management, mdm/profiles: TopLevel, CommonPayloadKeys and
 * com.apple.mail.managed), of which only what a profile of mail may hold is here. A device ignores a key that it does not know; here
 * such a key is a fault, for it would be a slip of ours.
 */
/** What a configuration profile must hold, beyond being a property list. */
final class ConfigurationProfile {
    private static final Pattern UUID = Pattern.compile("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");
    private static final Set<String> AUTHENTICATION =
            Set.of("EmailAuthNone", "EmailAuthPassword", "EmailAuthCRAMMD5", "EmailAuthNTLM", "EmailAuthHTTPMD5");

    private static final List<Key> COMMON = List.of(
            Key.required(
                    "PayloadIdentifier",
                    value -> IDENTIFIER.matcher(text(value)).matches()),
            Key.required("PayloadUUID", value -> UUID.matcher(text(value)).matches()),
            Key.required("PayloadType", ConfigurationProfile::isText),
            Key.required("PayloadVersion", Integer.valueOf(1)::equals),
            Key.optional("PayloadDescription", ConfigurationProfile::isText),
            Key.optional("PayloadDisplayName", ConfigurationProfile::isText),
            Key.optional("PayloadOrganization", ConfigurationProfile::isText));

    private static final Map<String, List<Key>> TYPES = Map.of(
            "Configuration",
            List.of(
                    Key.required("PayloadContent", value -> value instanceof List<?> payloads && !payloads.isEmpty()),
                    Key.optional("PayloadRemovalDisallowed", Boolean.class::isInstance),
                    Key.optional("PayloadScope", Set.of("System", "User")::contains)),
            "com.apple.mail.managed",
            Stream.of(
                            Stream.of(
                                    Key.optional("EmailAccountDescription", ConfigurationProfile::isText),
                                    Key.optional("EmailAccountName", ConfigurationProfile::isText),
                                    Key.required("EmailAccountType", Set.of("EmailTypeIMAP", "EmailTypePOP")::contains),
                                    Key.optional("EmailAddress", ConfigurationProfile::isText),
                                    Key.optional("OutgoingPasswordSameAsIncomingPassword", Boolean.class::isInstance),
                                    Key.optional("PreventMove", Boolean.class::isInstance),
                                    Key.optional("PreventAppSheet", Boolean.class::isInstance),
                                    Key.optional("SMIMEEnabled", Boolean.class::isInstance)),
                            server("Incoming"),
                            server("Outgoing"))
                    .flatMap(keys -> keys)
                    .toList());

    private ConfigurationProfile() {}

    private static Stream<Key> server(String direction) {
        String server = direction + "MailServer";
        return Stream.of(
                Key.required(server + "Authentication", AUTHENTICATION::contains),
                Key.required(server + "HostName", ConfigurationProfile::isText),
                Key.optional(
                        server + "PortNumber", value -> value instanceof Integer port && port > 0 && port <= 65_535),
                Key.optional(server + "UseSSL", Boolean.class::isInstance),
                Key.optional(server + "Username", ConfigurationProfile::isText));
    }

    /** What is wrong with a profile, in the words of its keys. */
    static List<String> faults(Map<?, ?> profile) {
        List<Map<?, ?>> payloads = new ArrayList<>();
        payloads.add(profile);
        List<String> faults = new ArrayList<>();
        if (!"Configuration".equals(profile.get("PayloadType"))) {
            faults.add("the outer PayloadType");
        }
        if (profile.get("PayloadContent") instanceof List<?> inner) {
            for (Object payload : inner) {
                if (payload instanceof Map<?, ?> map) {
                    payloads.add(map);
                } else {
                    faults.add("a payload that is no dictionary");
                }
            }
        }
        for (String unique : List.of("PayloadUUID", "PayloadIdentifier")) {
            if (payloads.stream().map(it -> text(it.get(unique))).distinct().count() < payloads.size()) {
                faults.add(unique + " twice");
            }
        }
        payloads.forEach(payload -> faults.addAll(faultsOf(payload)));
        return faults;
    }

    private static List<String> faultsOf(Map<?, ?> payload) {
        List<String> faults = new ArrayList<>();
        List<Key> own = TYPES.get(text(payload.get("PayloadType")));
        if (own == null) {
            return List.of("PayloadType " + payload.get("PayloadType"));
        }
        List<Key> keys = Stream.concat(COMMON.stream(), own.stream()).toList();
        Set<String> unknown = new TreeSet<>();
        payload.keySet().forEach(key -> unknown.add(text(key)));
        unknown.removeAll(keys.stream().map(Key::name).collect(Collectors.toSet()));
        unknown.forEach(key -> faults.add("unknown " + key));
        for (Key key : keys) {
            Object value = payload.get(key.name());
            if (value == null ? key.required() : !key.form().fits(value)) {
                faults.add(key.name() + " = " + value);
            }
        }
        return faults;
    }

    private static boolean isText(Object value) {
        return value instanceof String text && !text.isBlank();
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private interface Form {
        boolean fits(Object value);
    }

    private record Key(String name, boolean required, Form form) {
        static Key required(String name, Form form) {
            return new Key(name, true, form);
        }

        static Key optional(String name, Form form) {
            return new Key(name, false, form);
        }
    }
}
