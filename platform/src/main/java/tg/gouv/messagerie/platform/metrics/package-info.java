/**
 * What an operator's tools read: Prometheus text and health, on a loopback port.
 */
@NullMarked
package tg.gouv.messagerie.platform.metrics;

import org.jspecify.annotations.NullMarked;
