/**
 * Camel routes from an act in one capability to what follows it in another, over the outbox.
 */
@NullMarked
package tg.gouv.messagerie.deploy.routes;

import org.jspecify.annotations.NullMarked;
