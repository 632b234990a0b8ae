package tg.gouv.messagerie.portal;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.dav.DavNames;
import tg.gouv.messagerie.platform.dav.DavResource;
import tg.gouv.messagerie.platform.dav.DavResource.Value;
import tg.gouv.messagerie.platform.dav.Depth;
import tg.gouv.messagerie.platform.xml.XmlName;

/*
 * The homes of calendars, address books and files join a principal's properties as they come to be served. Until then a client that signs in
 * finds who it is, and nothing else.
 */
/** What is above calendars, address books and files: a root, and who the client is (RFC 3744, RFC 5397). Each sees themselves alone. */
record Principals(Account account) {
    private static final String ROOT = "/dav/";
    private static final String ALL = ROOT + "principals/";
    private static final XmlName COLLECTION = DavNames.dav("collection");

    /** The resource at a path, and with a depth of one those right below; nothing if there is none. */
    List<DavResource> at(String path, Depth depth) {
        String place = path.endsWith("/") ? path : path + "/"; // RFC 4918 section 5.2
        boolean below = depth == Depth.ONE;
        if (place.equals(ROOT)) {
            return below ? List.of(root(), all()) : List.of(root());
        }
        if (place.equals(ALL)) {
            return below ? List.of(all(), own()) : List.of(all());
        }
        return place.equals(href()) ? List.of(own()) : List.of();
    }

    private String href() {
        return ALL + account.id().value() + "/";
    }

    private DavResource root() {
        return new DavResource(ROOT, collection("Messagerie"));
    }

    private DavResource all() {
        return new DavResource(ALL, collection("Principals"));
    }

    private Map<XmlName, Value> collection(String name) {
        Map<XmlName, Value> properties = new LinkedHashMap<>();
        properties.put(DavNames.RESOURCE_TYPE, new Value.Elements(List.of(COLLECTION)));
        properties.put(DavNames.DISPLAY_NAME, new Value.Text(name));
        putCurrent(properties);
        return properties;
    }

    private DavResource own() {
        Map<XmlName, Value> properties = new LinkedHashMap<>();
        properties.put(
                DavNames.RESOURCE_TYPE, new Value.Elements(List.of(DavNames.dav("principal")))); // RFC 3744 section 4
        properties.put(DavNames.DISPLAY_NAME, new Value.Text(account.displayName()));
        putCurrent(properties);
        properties.put(DavNames.dav("principal-URL"), new Value.Hrefs(List.of(href()))); // RFC 3744 section 4.2
        properties.put(DavNames.dav("alternate-URI-set"), new Value.Hrefs(addresses())); // RFC 3744 section 4.1
        properties.put(DavNames.dav("group-membership"), new Value.Hrefs(List.of())); // RFC 3744 section 4.4
        properties.put(
                DavNames.caldav("calendar-user-address-set"), new Value.Hrefs(addresses())); // RFC 6638 section 2.4.1
        properties.put(
                DavNames.caldav("calendar-user-type"), // RFC 6638 section 2.4.2
                new Value.Text(account.kind() == Account.Kind.PERSON ? "INDIVIDUAL" : "GROUP"));
        return new DavResource(href(), properties);
    }

    private void putCurrent(Map<XmlName, Value> properties) {
        properties.put(DavNames.dav("current-user-principal"), new Value.Hrefs(List.of(href()))); // RFC 5397 section 3
        properties.put(DavNames.dav("principal-collection-set"), new Value.Hrefs(List.of(ALL))); // RFC 3744 section 5.8
    }

    /** The one to which its mail is addressed first. */
    private List<String> addresses() {
        return Stream.concat(
                        Stream.of(account.primary()),
                        account.addresses().stream()
                                .filter(it -> !it.equals(account.primary()))
                                .sorted(Comparator.comparing(MailAddress::toString)))
                .map(it -> "mailto:" + it)
                .toList();
    }
}
