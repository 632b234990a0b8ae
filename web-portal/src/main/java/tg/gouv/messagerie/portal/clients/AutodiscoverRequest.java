package tg.gouv.messagerie.portal.clients;

import java.util.Optional;
import tg.gouv.messagerie.platform.xml.XmlElement;
import tg.gouv.messagerie.platform.xml.XmlName;

/**
 * What Outlook asks.
 *
 * @param address as it was written
 * @param schema of the answer that it understands
 */
record AutodiscoverRequest(Optional<String> address, Optional<String> schema) {
    static final String NAMESPACE = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006";

    private static final int TEXT_MAX = 512;

    /**
     * Reads a request; what is missing in it, or too long, is absent.
     *
     * @throws tg.gouv.messagerie.platform.xml.XmlRefused if it is not well-formed, or more than a request needs
     */
    static AutodiscoverRequest read(byte[] xml) {
        XmlElement root = XmlElement.read(xml);
        Optional<XmlElement> request =
                root.name().equals(name("Autodiscover")) ? root.child(name("Request")) : Optional.empty();
        return new AutodiscoverRequest(text(request, "EMailAddress"), text(request, "AcceptableResponseSchema"));
    }

    private static XmlName name(String local) {
        return new XmlName(NAMESPACE, local);
    }

    private static Optional<String> text(Optional<XmlElement> request, String local) {
        return request.flatMap(it -> it.child(name(local)))
                .map(it -> it.text().strip())
                .filter(it -> !it.isEmpty() && it.length() <= TEXT_MAX);
    }
}
