import type { Box } from '#core/tracks/box';

/** How far people's acceleration strays, body lengths per s²: a walk stays below 1, a fall is 5 to 6. */
const ACCELERATION = 2.5;

/** Standard deviation of the first velocity, body lengths per s: people run at up to 4. */
const FIRST_VELOCITY = 1.2;

/** Standard deviation of a sure detection's centre, body lengths; doubtful ones are believed less. */
const CENTRE_NOISE = 0.03;

/** Height of a standing person over the square root of the box's area; the root hardly changes when a person crouches. */
const LENGTH_OVER_ROOT = 1.7;

/** Share of the newest detection in the remembered size. */
const SIZE_SHARE = 0.5;

/** About the height of a standing person with such a box, px; stays nearly the same when they crouch or turn over. */
export function bodyLength(box: Pick<Box, 'width' | 'height'>): number {
  return LENGTH_OVER_ROOT * Math.sqrt(box.width * box.height);
}

/** Where a person will be, from the model. */
export interface Prediction {
  box: Box;
  /** Standard deviation of the centre in each direction, px, without the detector's own noise. */
  deviation: number;
  /** How far the centre moved since the last detection, px. */
  shiftX: number;
  shiftY: number;
}

/**
 * Constant-velocity Kalman filter of a box centre, in seconds, so frames may be missing or uneven; the same variance in
 * x and y. Size follows the detections. Process noise: white acceleration (piecewise constant).
 */
export class MotionModel {
  private x: number;
  private y: number;
  private velocityX = 0;
  private velocityY = 0;
  private positionVariance: number;
  private covariance = 0;
  private velocityVariance: number;
  private width: number;
  private height: number;

  constructor(
    box: Box,
    score: number,
    private seconds: number,
  ) {
    this.x = box.x + box.width / 2;
    this.y = box.y + box.height / 2;
    this.width = box.width;
    this.height = box.height;
    this.positionVariance = noiseOf(box, score) ** 2;
    this.velocityVariance = (FIRST_VELOCITY * bodyLength(box)) ** 2;
  }

  predict(seconds: number): Prediction {
    const time = seconds - this.seconds;
    const shiftX = this.velocityX * time;
    const shiftY = this.velocityY * time;
    return {
      box: {
        x: this.x + shiftX - this.width / 2,
        y: this.y + shiftY - this.height / 2,
        width: this.width,
        height: this.height,
      },
      deviation: Math.sqrt(this.predictedVariance(time)),
      shiftX,
      shiftY,
    };
  }

  update(box: Box, score: number, seconds: number): void {
    const time = seconds - this.seconds;
    const acceleration = (ACCELERATION * bodyLength(box)) ** 2;
    const position = this.predictedVariance(time);
    const covariance = this.covariance + time * this.velocityVariance + (acceleration * time ** 3) / 2;
    const velocity = this.velocityVariance + acceleration * time ** 2;
    const total = position + noiseOf(box, score) ** 2;
    const gain = position / total;
    const velocityGain = covariance / total;
    const errorX = box.x + box.width / 2 - (this.x + this.velocityX * time);
    const errorY = box.y + box.height / 2 - (this.y + this.velocityY * time);
    this.x += this.velocityX * time + gain * errorX;
    this.y += this.velocityY * time + gain * errorY;
    this.velocityX += velocityGain * errorX;
    this.velocityY += velocityGain * errorY;
    this.positionVariance = (1 - gain) * position;
    this.covariance = (1 - gain) * covariance;
    this.velocityVariance = velocity - velocityGain * covariance;
    this.width += SIZE_SHARE * (box.width - this.width);
    this.height += SIZE_SHARE * (box.height - this.height);
    this.seconds = seconds;
  }

  private predictedVariance(time: number): number {
    const acceleration = (ACCELERATION * bodyLength({ width: this.width, height: this.height })) ** 2;
    return (
      this.positionVariance +
      2 * time * this.covariance +
      time ** 2 * this.velocityVariance +
      (acceleration * time ** 4) / 4
    );
  }
}

/** Standard deviation of a detection's centre, px. */
export function noiseOf(box: Box, score: number): number {
  return (CENTRE_NOISE * bodyLength(box)) / Math.max(0.2, score);
}
